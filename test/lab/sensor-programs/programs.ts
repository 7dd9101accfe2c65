// Small programs for the targets, which have no compiler: built from the sources beside this file, packed.

import { gunzipSync } from 'node:zlib';

/** x86-64 only: each is a whole executable. */
export const programs = {
  ia32: unpack(`
    H4sIAAAAAAACA6t39XFjZGRkgAEmBmYGEC+kgYXDBEjzQKVMGBSA4hpAWSaIPFQNCC8BskGYHYhZgHgHK5DYfQAos9MRyNq1
    BKjhbEPn4R0gyZ0g8V0g1tmGHWwQSg2u/hyQAApwgQTuQNjcMPbON0DC8BJQCOSA3exgvfoluQX6mYnGRrr5OSkMCF5eajky
    Lz8vlWECyBCQBWAP6RVnFJcUlSQmMeiVpFaUMJAAQC5ihPoXHAZQ/8MAC5QGqWFGEv8BxIJIfFioAwAOkO8XhAEAAA==`),
  threads: unpack(`
    H4sIAAAAAAACA6t39XFjYmRkgAEmBjsGEG8DgwOY7wAVF0AoAYpZANU5MLAwMIPVsoPVQwBMH4x2h4oHCEDNgfIDn5aksDEQ
    D2D69jEwOTA47rQAMvcz8LMyuBpecjU8YHjJpfMEP6tH64FSzh1KQDl+1tffPRqPgZzn0fiPQciBofTqjucgTaxgWQa94ozi
    kqKSxCQGvZLUihIGvaTiYgYqAG4ghoUJangwoIQHDDCi8QWBmAOImeEKIPq/owcEdi7YPGYs7oLpFyNgPwAOMY1rEAIAAA==`),
  uring: unpack(`
    H4sIAAAAAAACA61STWgTQRSe/ZlYsbhRCFgoUqiCKCaMWFBBmwm7MsW9SIyCsZakLXgRJVnxB0QQRIclKHhR8aaH2lOPyYL5
    oWANesqhhQpaBDUeBKHgra5vdmcLLUE8ODDz9vve971983bvWPZJVVFQtFR0AgmUV9IBTkv+rbouAe4I6NIIIz3QboE9J3Nz
    0hHFVVl6RvqHpO70F2cqhv59xWW03cQAlHJxFk56jvIlenaM/3JHRgXOUb5mK4v0zBh/XxsFec49eAwSWcvtV0nTHN5u8Xc2
    X2atzzGmJRagOVY5rzD+aXXWfLD/VEV/xiaPzwBt8swg9UTzFmkuZPTnvu/bvBQ3+a1dNi/2BSmT9++zSLs6C8CPMb5o4Pw4
    vUDH6UU6MZ+zSAfMIMiSTn1FTaPqKxA2dHAamGMK4F7zplH9BkRjKxxBBTfBFHHBu3C+FmzYhj2J4xArhx+5+AA8eBqQrRVd
    w7cBHX3DjMxP8gFexngX7gN1RsTHYRx/Dyp3aU2MEcq0BW59jRkYuiNt7wfI6vehvcbeQInFt+w+/u37pE2rFID3UkgeCslO
    kbsOOfDWngLjicmEuWGRy4c50iHtusg39gjWClg5juDC0CPjHxlfFjObTzmXr6aulZCMqcL6UxGhZPlS2Sk5hSJKOtM3HJQs
    XZkqOAWULJbL6D+tbbCjf3njfxyuJWWjfhNEOyR3SGIxzzCGeBD19kdxAHYfbE3ipvS/kP4nm/xDPeppPe4V+Xejv/f/ByzE
    H2wIBAAA`),
};

function unpack(text: string): Uint8Array {
  return gunzipSync(Buffer.from(text, 'base64'));
}
