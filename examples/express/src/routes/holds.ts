// Money that is set aside for an order, and what becomes of it.
import type { Express } from 'express'
import type { Thalium } from 'thalium'
import { answer } from '../answers.js'
import { callerOf, contextOf, mustSeeAccount, operatorsOnly } from '../auth.js'
import { postingKey } from '../books.js'
import { keyOf, withKey } from '../idempotency.js'
import { type Fields, countIn, fieldsOf, maybe, moneyOf, pathOf, textOf } from '../input.js'
import { customerAccount, holdOf, owned } from '../parties.js'
import { sealedWords } from '../people.js'
import { malformed } from '../problems.js'

/** The longest time of a hold: thirty days. */
const TIMEOUT_MAX = 30 * 24 * 3600

export function holds(app: Express, ledger: Thalium): void {
  app.post('/holds', withKey, async (request, response) => {
    const fields = fieldsOf(request, ['account', 'amount', 'to', 'timeout', 'description'])
    const { from, customer } = owned(response, fields, 'account')
    const amount = moneyOf(fields, 'amount')
    const timeout = maybe(fields, 'timeout', countIn(1, TIMEOUT_MAX))
    const { asset } = await customerAccount(ledger, from, 'account')
    // Without an account that it is meant for, the ledger takes `holds:ZAR`: the exchange settles from there.
    const to = fields.to === undefined ? {} : { to: await receiver(ledger, fields, asset) }
    const key = postingKey('hold', customer, keyOf(request))
    const words = await sealedWords(ledger, fields, customer)
    answer(response, await ledger.hold({ key, from, amount, ...to, ...timeout, ...words }, contextOf(response)))
  })

  // The exchange fills the order; whose money is held cannot say that it was.
  app.post('/holds/:hold/capture', operatorsOnly, withKey, async (request, response) => {
    const fields = fieldsOf(request, ['amount', 'to'], { empty: true })
    const hold = pathOf(request, 'hold')
    const amount = maybe(fields, 'amount', moneyOf)
    const { from, customer } = await holdOf(ledger, hold)
    const { asset } = await customerAccount(ledger, from, 'hold')
    const to = fields.to === undefined ? {} : { to: await receiver(ledger, fields, asset) }
    const key = postingKey('cap', customer, keyOf(request))
    answer(response, await ledger.capture({ key, hold, ...amount, ...to }, contextOf(response)))
  })

  // A customer may give up an order, as on a device (see sync.ts), and an operator may cancel it.
  app.post('/holds/:hold/release', withKey, async (request, response) => {
    fieldsOf(request, [], { empty: true })
    const hold = pathOf(request, 'hold')
    const { from, customer } = await holdOf(ledger, hold)
    mustSeeAccount(response, from)
    const key = postingKey(callerOf(response).operator ? 'cancel' : 'rel', customer, keyOf(request))
    answer(response, await ledger.release({ key, hold }, contextOf(response)))
  })
}

async function receiver(ledger: Thalium, fields: Fields, asset: string): Promise<string> {
  const to = textOf(fields, 'to')
  const other = await customerAccount(ledger, to, 'to')
  if (other.asset !== asset) throw malformed(`to: holds ${other.asset}, not ${asset}`, 'to')
  return to
}
