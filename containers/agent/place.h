// The control groups that the agent is in.
#pragma once

/*
 * Goes back to those of the target as a whole, as far as the kernel lets it. The service manager, when it starts, moves
 * whoever is there into a group of its own: what the agent starts is to have the target's limits and no unit's.
 */
void place_return(void);
