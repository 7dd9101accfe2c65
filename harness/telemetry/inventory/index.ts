// The inventory sensor: what is scheduled in a target, what changed in it, and why some of it never runs.

export { inventoryEvents } from './events.ts';
export { readInventory } from './parse.ts';
export { takeInventory } from './take.ts';
