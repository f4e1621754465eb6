// teamdctl.h uses size_t and bool without their headers.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <teamdctl.h>
