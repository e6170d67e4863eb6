/** How a key is asked for. */
export interface IdempotencyOptions {
  /** The header; by default `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header). */
  header?: string
  /** The methods that need one; by default POST and PATCH. */
  methods?: readonly string[]
  /** The most characters of a key. */
  maxLength?: number
}

interface Asked {
  method?: string | undefined
  headers: Record<string, string | string[] | undefined>
  idempotencyKey?: string
}

type Problem = { status: number; title: string; detail: string }

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
    response: { status(code: number): { json(body: unknown): unknown } },
    next: () => void,
  ): void => {
    const key = keyOf(request, options)
    if (typeof key === 'object') {
      response.status(key.status).json(key)
      return
    }
    if (key !== undefined) request.idempotencyKey = key
    next()
  }
}

/** As `idempotencyKey`, as a hook of Fastify's: `app.addHook('onRequest', idempotencyHook())`. */
export function idempotencyHook(options: IdempotencyOptions = {}) {
  return async (
    request: Asked,
    reply: { code(code: number): { send(body: unknown): unknown } },
  ): Promise<unknown> => {
    const key = keyOf(request, options)
    if (typeof key === 'object') return reply.code(key.status).send(key)
    if (key !== undefined) request.idempotencyKey = key
    return undefined
  }
}
