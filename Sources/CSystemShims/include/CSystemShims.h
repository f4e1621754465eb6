// What Swift cannot see: variadic and macro-only parts of the C library. No logic lives here; failures return -errno.
#pragma once
#include "datagrams.h"
#include "fault_guard.h"
#include "files.h"
#include "heap.h"
#include "lab_launcher.h"
#include "lab_wall.h"
#include "log_keeper.h"
#include "namespace.h"
#include "packet.h"
#include "process.h"
#include "vector_state.h"
#include "xdp.h"
