// What a policy has to permit before it is booked.
import type { Request, RequestHandler, Response } from 'express'
import { type Deciding, type Thalium, authorize } from 'thalium'
import { type Kind, Problem } from './problems.js'

const KINDS = { deny: 'denied', review: 'review', undecided: 'undecided' } as const satisfies Record<string, Kind>

/**
 * Decides with what a request makes of itself, and puts that on record with what `how` says. What is not allowed is told as every other
 * error is.
 */
export function permitted(
  ledger: Thalium, path: string, input: (request: Request, response: Response) => unknown, how: (request: Request, response: Response) => Deciding,
): RequestHandler {
  return authorize(ledger, path, input, {
    how,
    onError: (error) => console.error(error),
    onProblem: ({ code, detail, reasons }, next) => next(new Problem(KINDS[code], detail, reasons.length > 0 ? { reasons } : {})),
  })
}
