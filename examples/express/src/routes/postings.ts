// Money that moves at once.
import type { Express, Request, Response } from 'express'
import type { Money, Thalium } from 'thalium'
import { answer } from '../answers.js'
import { contextOf, operatorsOnly } from '../auth.js'
import { postingKey } from '../books.js'
import { keyOf, withKey } from '../idempotency.js'
import { type Fields, fieldsOf, moneyOf, textOf } from '../input.js'
import { customerAccount, owned } from '../parties.js'
import { sealedWords } from '../people.js'
import { permitted } from '../policies.js'
import { malformed } from '../problems.js'

export function postings(app: Express, ledger: Thalium): void {
  // Money has come in at the bank: only the exchange can know that. Operators share the keys of a customer's deposits, so a
  // deposit that two of them book under the bank's reference is booked once.
  app.post('/deposits', operatorsOnly, withKey, async (request, response) => {
    const fields = fieldsOf(request, ['account', 'amount', 'description'])
    const to = textOf(fields, 'account')
    const amount = moneyOf(fields, 'amount')
    const { customer, asset } = await customerAccount(ledger, to, 'account')
    const key = postingKey('dep', customer, keyOf(request))
    const words = await sealedWords(ledger, fields, customer)
    answer(response, await ledger.post({ key, from: `bank:${asset}`, to, amount, ...words }, contextOf(response)))
  })

  // Of a retry the policy decides as it did before: what it is asked stands in the request alone. Both decisions are on record.
  const mayWithdraw = permitted(ledger, 'withdrawals/verdict', (request, response) => {
    const { customer, amount } = withdrawalOf(request, response)
    return { customer, asset: amount.asset, amount: amount.amount }
  }, (request, response) => {
    const { customer } = withdrawalOf(request, response)
    return { concerns: postingKey('wd', customer, keyOf(request)), actor: contextOf(response).actor }
  })

  app.post('/withdrawals', withKey, mayWithdraw, async (request, response) => {
    const { fields, from, customer, amount } = withdrawalOf(request, response)
    const { asset } = await customerAccount(ledger, from, 'account')
    const key = postingKey('wd', customer, keyOf(request))
    const words = await sealedWords(ledger, fields, customer)
    answer(response, await ledger.post({ key, from, to: `bank:${asset}`, amount, ...words }, contextOf(response)))
  })

  app.post('/transfers', withKey, async (request, response) => {
    const fields = fieldsOf(request, ['from', 'to', 'amount', 'description'])
    const { from, customer } = owned(response, fields, 'from')
    const to = textOf(fields, 'to')
    const amount = moneyOf(fields, 'amount')
    const { asset } = await customerAccount(ledger, from, 'from')
    const other = await customerAccount(ledger, to, 'to')
    if (from === to) throw malformed('to: is the account that the money comes from', 'to')
    if (asset !== other.asset) throw malformed(`to: holds ${other.asset}, not ${asset}`, 'to')
    const key = postingKey('tr', customer, keyOf(request))
    const words = await sealedWords(ledger, fields, customer)
    answer(response, await ledger.post({ key, from, to, amount, ...words }, contextOf(response)))
  })
}

function withdrawalOf(request: Request, response: Response): { fields: Fields; from: string; customer: string; amount: Money } {
  const fields = fieldsOf(request, ['account', 'amount', 'description'])
  return { fields, ...owned(response, fields, 'account'), amount: moneyOf(fields, 'amount') }
}
