#ifndef FLUENTSYNC_FAULT_BEGIN_H
#define FLUENTSYNC_FAULT_BEGIN_H

/* Reads the environment; from then on, calls are counted and struck. */
void fault_begin(void) __attribute__((visibility("hidden")));

#endif
