// Who pays and who is paid: accounts and holds that a request names, with whose they are.
import type { Response } from 'express'
import type { Thalium } from 'thalium'
import { mustOwn } from './auth.js'
import { accountOf, customerOf } from './books.js'
import { type Fields, textOf } from './input.js'
import { malformed, notFound } from './problems.js'

/**
 * A customer's account named in a body. That it is there is asked before anything is booked: a posting to an account that is
 * missing would be refused by the ledger as well, but the refusal spends the key. Accounts are never deleted.
 */
export async function customerAccount(ledger: Thalium, account: string, field: string): Promise<{ customer: string; asset: string }> {
  const customer = customerOf(account)
  if (!customer) throw malformed(`${field}: name a customer's account, as "c42:ZAR"`, field)
  const { asset } = await accountOf(ledger, account)
  return { customer, asset }
}

/** The account that a customer spends from, which is the customer's own. */
export function owned(response: Response, fields: Fields, name: string): { from: string; customer: string } {
  const from = textOf(fields, name)
  return { from, customer: mustOwn(response, from) }
}

/** A hold, by its id or key, and the account that it holds money of. */
export async function holdOf(ledger: Thalium, name: string): Promise<{ from: string; customer: string }> {
  const hold = await ledger.transfers.get(name)
  const customer = hold && customerOf(hold.from)
  if (!hold?.flags.includes('pending') || !customer) throw notFound(`there is no hold ${JSON.stringify(name)}`)
  return { from: hold.from, customer }
}
