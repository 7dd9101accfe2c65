// Where long work says what it does: one line at a time, to whoever shows it (the CLI: standard error).

export type Progress = (line: string) => void;
