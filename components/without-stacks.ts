/**
 * Makes a resource without the stack traces that Pulumi's SDK keeps of its promises: four for each property, which for a type with
 * a hundred properties takes far longer than everything else, since each trace is mapped back to TypeScript. What is thrown still
 * tells where it came from.
 */
export function withoutStacks<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } catch (error) {
    Error.stackTraceLimit = limit;
    if (error instanceof Error) Error.captureStackTrace(error, withoutStacks);
    throw error;
  } finally {
    Error.stackTraceLimit = limit;
  }
}
