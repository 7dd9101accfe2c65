// What GitHub takes of a text before it refuses it or drops what is beyond.

/** Characters of a comment on a pull request or an issue. @source GitHub's answer to a longer one: "maximum is 65536 characters" */
export const commentCharacters = 65_536;

/** Bytes of a step's summary. @source GitHub Docs, workflow commands: step isolation and limits */
export const stepSummaryBytes = 1_048_576;

/** Annotations of one type in one step. @source GitHub Docs, limitations of annotations in workflow runs */
export const annotationsOfType = 10;

/** @source GitHub REST API, check runs: annotations, `title` and `message` */
export const annotationTitleCharacters = 255;
export const annotationMessageBytes = 65_536;
