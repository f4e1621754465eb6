#pragma once
#include <dbus/dbus.h>

// Macros that Swift does not see: `(int) 's'` and the like.
static const int aggctl_dbus_type_string = DBUS_TYPE_STRING;
static const int aggctl_dbus_type_object_path = DBUS_TYPE_OBJECT_PATH;
static const int aggctl_dbus_type_boolean = DBUS_TYPE_BOOLEAN;
static const int aggctl_dbus_type_int32 = DBUS_TYPE_INT32;
static const int aggctl_dbus_type_uint32 = DBUS_TYPE_UINT32;
static const int aggctl_dbus_type_uint64 = DBUS_TYPE_UINT64;
static const int aggctl_dbus_type_struct = DBUS_TYPE_STRUCT;
static const int aggctl_dbus_type_array = DBUS_TYPE_ARRAY;
static const int aggctl_dbus_type_variant = DBUS_TYPE_VARIANT;
static const int aggctl_dbus_message_type_error = DBUS_MESSAGE_TYPE_ERROR;
