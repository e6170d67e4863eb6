// How an outcome of the ledger is answered.
import type { Response } from 'express'
import type { Outcome } from 'thalium'
import { Problem, malformed } from './problems.js'

/**
 * 201 where it was booked now, 200 where it was booked before, 422 where the ledger refused it. `invalid` is no decision of
 * the ledger's: the command could not be read (such as a third digit behind the point of ZAR), and its key is still unused.
 */
export function answer(response: Response, outcome: Outcome): void {
  if (outcome.ok) {
    response.status(outcome.replayed ? 200 : 201).json(outcome)
    return
  }
  const reason = outcome.reason ?? outcome.status
  if (outcome.status === 'invalid') throw malformed(reason, outcome.field)
  throw new Problem('rejected', reason, { outcome })
}
