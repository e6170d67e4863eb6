// Every error is a problem document (RFC 9457), so a client needs one way to read what went wrong.
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { InvalidError, type Outcome, type Reason, StoppedError, ThaliumError } from 'thalium'

/** The kinds of problem: the last part of `type`, the HTTP status, the title. */
const KINDS = {
  'malformed': [400, 'The request cannot be read'],
  'unauthenticated': [401, 'Who asks is not known'],
  'forbidden': [403, 'The token does not allow it'],
  'denied': [403, 'The policy does not permit it'],
  'review': [403, 'A person has to decide'],
  'not-found': [404, 'There is no such thing'],
  'too-large': [413, 'The request is past a bound'],
  'unsupported': [415, 'The body is of a kind that is not taken'],
  'rejected': [422, 'The ledger refused it'],
  'refused': [422, 'The case stands as it was'],
  'too-many': [429, 'There is no place now'],
  'internal': [500, 'The server is at fault'],
  'no-key': [501, 'The server keeps no personal data'],
  'unavailable': [503, 'The ledger takes nothing now'],
  'undecided': [503, 'There is no decision'],
} as const

export type Kind = keyof typeof KINDS

/** What goes with a problem, beside its title and detail. */
export interface Extra {
  /** The field, parameter or header at fault. */
  field?: string | undefined
  /** What the ledger answered. Its `status` is the ledger's, so it cannot stand beside the problem's own `status`. */
  outcome?: Outcome
  /** Why a case does not do it: a code of the ledger's. */
  code?: string | undefined
  /** Why a policy does not permit it, as its customer may know. */
  reasons?: readonly Reason[]
}

/** An error that is told to the client as it is. */
export class Problem extends Error {
  constructor(readonly kind: Kind, detail: string, readonly extra: Extra = {}) {
    super(detail)
  }
}

export const malformed = (detail: string, field?: string): Problem => new Problem('malformed', detail, { field })
export const notFound = (detail: string): Problem => new Problem('not-found', detail)

/** No route took it. */
export const noRoute: RequestHandler = (request, _response, next) => {
  next(notFound(`there is no ${request.method} ${request.path}`))
}

/** Tells every error. `stopped` is called when the ledger has stopped: only opening it again helps. */
export function tell(stopped: () => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error)
    const problem = problemOf(error)
    if (problem.kind === 'internal') console.error(error)
    send(response, problem)
    if (error instanceof StoppedError) stopped()
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof InvalidError) {
    return new Problem(error.code === 'too_large' ? 'too-large' : 'malformed', error.message, { field: error.field })
  }
  if (error instanceof StoppedError) {
    return new Problem('unavailable', 'the ledger stopped: whether this was booked is not known; retry with the same key')
  }
  if (error instanceof ThaliumError && ['draining', 'closed', 'read_only'].includes(error.code)) {
    return new Problem('unavailable', 'the server is being restarted: retry with the same key')
  }
  // What Express and its parsers throw carries the status that they suggest.
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown }
  switch (status) {
    case 400:
      // Of JSON that cannot be read the parser quotes a piece, which may be someone's address.
      return malformed(type === 'entity.parse.failed' ? 'the body is no JSON' : (error as Error).message)
    case 413:
      return new Problem('too-large', 'the body is too large')
    case 415:
      return new Problem('unsupported', (error as Error).message)
  }
  // Nothing of an unexpected error goes out: it may name files or hold what others sent.
  return new Problem('internal', 'it is in the log of the server')
}

function send(response: Response, { kind, message, extra }: Problem): void {
  const [status, title] = KINDS[kind]
  if (status === 401) response.set('WWW-Authenticate', 'Bearer')
  if (status === 503 || status === 429) response.set('Retry-After', '1')
  // The type leads to where the kind is described: see docs.ts.
  const body = { type: `/docs#${kind}`, title, status, detail: message, ...extra }
  response.status(status).type('application/problem+json').send(JSON.stringify(body))
}
