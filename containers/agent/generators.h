/*
 * systemd's own generators (systemd.generator(7)) that make nothing in a container: they read the kernel's command line,
 * or look for disks. A machine that boots need not start them; an attack's daemon-reload finds them all in their places.
 */
#ifndef GENERATORS_H
#define GENERATORS_H

/* Before the machine boots: null links in the folder that goes before the packages' own. */
void generators_rest(void);

/* When it is up: the links are taken away, and the folder with them. */
void generators_wake(void);

#endif
