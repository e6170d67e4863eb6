/** How a key is asked for. */
export interface IdempotencyOptions {
  /** The header; by default `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header). */
  header?: string
  /** The methods that need one; by default POST and PATCH. */
  methods?: readonly string[]
  /** The most characters of a key. */
  maxLength?: number
  /** What becomes of a request without a key, in place of an answer 400: `(problem) => next(new MyError(problem.detail))`. */
  onProblem?: (problem: Problem, next: (error?: unknown) => void) => void
}

/** What is wrong with a request, as RFC 9457 writes it. */
export interface Problem {
  /** The status of HTTP. */
  readonly status: number
  /** What is wrong. */
  readonly title: string
  /** What to do. */
  readonly detail: string
}

declare global {
  // Where Express's types are, its requests have the key.
  namespace Express {
    interface Request {
      /** The request's idempotency key, behind `idempotencyKey()`. */
      idempotencyKey?: string
    }
  }
}

/** @internal */
export const PROBLEM = 'application/problem+json'

/** A request as both frameworks have it. */
interface Asked {
  method?: string | undefined
  headers: Record<string, string | string[] | undefined>
  idempotencyKey?: string
}

/** The key of a request, or what is wrong with it. */
function keyOf(request: Asked, options: IdempotencyOptions): string | Problem | undefined {
  const { header = 'Idempotency-Key', methods = ['POST', 'PATCH'], maxLength = 200 } = options
  if (!methods.includes((request.method ?? '').toUpperCase())) return undefined
  const given = request.headers[header.toLowerCase()]
  const text = Array.isArray(given) ? given.join(',') : given
  // The draft writes it as a structured string, between quotes; most clients leave them out.
  const key = text?.trim().replace(/^"(.*)"$/, '$1')
  if (!key) {
    return { status: 400, title: `${header} is missing`, detail: `send a header ${header}, the same for every retry of a request` }
  }
  if (key.length > maxLength || !/^[\x21-\x7e]+$/.test(key)) {
    return { status: 400, title: `${header} is no key`, detail: `write at most ${maxLength} visible ASCII characters without spaces` }
  }
  return key
}

/**
 * Express middleware: a request that changes something brings a key, which is put on `request.idempotencyKey`. Give it to the
 * ledger as the command's key: a retry then books nothing and gets the first answer, in this process and in the next.
 */
export function idempotencyKey(options: IdempotencyOptions = {}) {
  return (
    request: Asked,
    response: { status(code: number): { type(type: string): { send(body: string): unknown } } },
    next: (error?: unknown) => void,
  ): void => {
    const key = keyOf(request, options)
    if (typeof key === 'object') {
      if (options.onProblem) options.onProblem(key, next)
      else response.status(key.status).type(PROBLEM).send(JSON.stringify(key))
      return
    }
    if (key !== undefined) request.idempotencyKey = key
    next()
  }
}

/** As `idempotencyKey`, as a hook of Fastify's: `app.addHook('onRequest', idempotencyHook())`. */
export function idempotencyHook(options: Omit<IdempotencyOptions, 'onProblem'> = {}) {
  return async (
    request: Asked,
    reply: { code(code: number): { type(type: string): { send(body: unknown): unknown } } },
  ): Promise<unknown> => {
    const key = keyOf(request, options)
    if (typeof key === 'object') return reply.code(key.status).type(PROBLEM).send(JSON.stringify(key))
    if (key !== undefined) request.idempotencyKey = key
    return undefined
  }
}
