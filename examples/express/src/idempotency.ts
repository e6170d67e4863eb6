// Every posting brings a key of its caller's, which becomes part of the posting's key: see `postingKey`.
import type { Request, RequestHandler } from 'express'
import { idempotencyKey } from 'thalium'
import { malformed } from './problems.js'

const ask = idempotencyKey()

/** Asks for the header Idempotency-Key. The package's middleware decides; what it says is told as every other error is. */
export const withKey: RequestHandler = (request, _response, next) => {
  const refuse = (body: unknown): void => next(malformed((body as { detail: string }).detail, 'Idempotency-Key'))
  ask(request, { status: () => ({ json: refuse }) }, next)
}

/** The caller's key, behind `withKey`. */
export function keyOf(request: Request): string {
  return (request as Request & { idempotencyKey: string }).idempotencyKey
}
