// Every posting brings a key of its caller's, which becomes part of the posting's key: see `postingKey`.
import type { Request } from 'express'
import { idempotencyKey } from 'thalium'
import { malformed } from './problems.js'

/** Asks for the header Idempotency-Key. The package decides; what it says is told as every other error is. */
export const withKey = idempotencyKey({ onProblem: ({ detail }, next) => next(malformed(detail, 'Idempotency-Key')) })

/** The caller's key, behind `withKey`. */
export function keyOf(request: Request): string {
  return request.idempotencyKey as string
}
