#include "include/lab_launcher.h"
