// How an outcome of the ledger is answered.
import type { Response } from 'express'
import type { Outcome } from 'thalium'
import { Problem, malformed } from './problems.js'

/** 201 where it was booked now, 200 where it was booked before. */
export function answer(response: Response, outcome: Outcome): void {
  accepted(outcome)
  response.status(outcome.replayed ? 200 : 201).json(outcome)
}

/** 200 for what changes something that is there: saying it again changes nothing more. */
export function changed(response: Response, outcome: Outcome): void {
  accepted(outcome)
  response.json(outcome)
}

/** A page for people, which loads nothing and runs nothing. */
export function answerPage(response: Response, html: string): void {
  response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'").type('html').send(html)
}

/**
 * 422 for what the ledger refused. `invalid` is no decision of the ledger's: the command could not be read (such as a third digit
 * behind the point of ZAR), and its key is still unused.
 */
export function accepted(outcome: Outcome): void {
  if (outcome.ok) return
  const reason = outcome.reason ?? outcome.status
  if (outcome.status === 'invalid') throw malformed(reason, outcome.field)
  throw new Problem('rejected', reason, { outcome })
}
