// What a browser is told of every page of a lab: nothing from elsewhere, nothing inline, nobody around it.

/** The page itself. Its terminal makes style sheets while it runs; styles can do no harm without a place to load from. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A report has a policy of its own in its text; beyond that it is nobody's page: of no origin, it reaches no lab. */
const reportPolicy = "sandbox allow-scripts; frame-ancestors 'none'";

const always = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

export const pageHeaders = { ...always, 'Content-Security-Policy': pagePolicy };
export const reportHeaders = { ...always, 'Content-Security-Policy': reportPolicy };
