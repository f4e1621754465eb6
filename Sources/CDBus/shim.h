#pragma once
#include <dbus/dbus.h>

// Macros that Swift does not see: `(int) 's'` and the like.
static const int aggctl_dbus_type_string = DBUS_TYPE_STRING;
static const int aggctl_dbus_type_invalid = DBUS_TYPE_INVALID;
static const int aggctl_dbus_message_type_error = DBUS_MESSAGE_TYPE_ERROR;
static const int aggctl_dbus_message_type_signal = DBUS_MESSAGE_TYPE_SIGNAL;
