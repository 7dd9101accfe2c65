// What tests may ask of the values under one name.

export interface Values {
  isPresent(): boolean;
  /** Whether any value passes. */
  someValue(passes: (value: unknown) => boolean): boolean;
  /** Whether any value that is a string passes. */
  someString(passes: (text: string) => boolean): boolean;
  /** Whether the text of any value passes: strings, and numbers and booleans spelled. */
  someText(passes: (text: string) => boolean): boolean;
  /** Whether the text of any value, in folded case, passes. */
  someFolded(passes: (text: string) => boolean): boolean;
}
