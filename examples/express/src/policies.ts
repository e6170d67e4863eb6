// What a policy has to permit before it is booked.
import type { Request, RequestHandler, Response } from 'express'
import { type Policy, authorize } from 'thalium'
import { type Kind, Problem } from './problems.js'

const KINDS = { deny: 'denied', review: 'review', undecided: 'undecided' } as const satisfies Record<string, Kind>

/** Asks a policy, with what a request makes of itself. What is not allowed is told as every other error is. */
export function permitted(
  policy: Pick<Policy, 'decide'>, path: string, input: (request: Request, response: Response) => unknown,
): RequestHandler {
  return authorize(policy, path, input, {
    onError: (error) => console.error(error),
    onProblem: ({ code, detail, reasons }, next) => next(new Problem(KINDS[code], detail, reasons.length > 0 ? { reasons } : {})),
  })
}
