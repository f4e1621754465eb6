// The system calls that a lab kernel is refused.
#pragma once

/// Refuses them to the calling process and all that it starts; safe between fork and exec. -1 and errno on failure.
int aggctl_lab_filter_calls(void);
