#include "include/namespace.h"
