// The parties of customers: the people and companies behind the numbers, their accounts, and what is said of them in words.
import type { RequestHandler } from 'express'
import { type AccountView, type Context, type PartyView, type Thalium, commands } from 'thalium'
import { accepted } from './answers.js'
import { hasKey, isCustomer } from './books.js'
import { type Fields, countIn, textOf } from './input.js'
import { Problem, malformed, notFound } from './problems.js'

/** The bytes of a description. */
const WORDS_MAX = 1_024

/** The most years for which a law may have something kept. */
const YEARS_MAX = 100

const NO_KEY = 'the server was started without a key: it takes, shows and forgets no personal data'

/** A field that says for how many years a law has something kept. */
export const yearsOf = countIn(0, YEARS_MAX)

/** Lets a request pass where personal data can be sealed. */
export function sealing(ledger: Thalium): RequestHandler {
  return async (_request, _response, next) => {
    if (!(await hasKey(ledger))) throw new Problem('no-key', NO_KEY)
    next()
  }
}

/** The party of a customer, where one is registered. */
export async function findParty(ledger: Thalium, customer: string): Promise<PartyView | undefined> {
  const party = isCustomer(customer) ? await ledger.parties.get(customer) : undefined
  // A party can be got by its id too; here it has one name, which is what permission is decided on.
  return party?.key === customer ? party : undefined
}

/** The party of a customer, which is there. */
export async function partyOf(ledger: Thalium, customer: string): Promise<PartyView> {
  const party = await findParty(ledger, customer)
  if (!party) throw notFound(`nobody is registered as ${JSON.stringify(customer)}`)
  return party
}

/**
 * Gives a party accounts as their owner. What it had before is left as it is: one that was taken away stands there with its last
 * day. Whoever opens an account looks for a party afterwards, and whoever registers a party for accounts: of two who do that at the
 * same time, one at least sees the other's.
 */
export async function giveAccounts(ledger: Thalium, party: PartyView, accounts: readonly AccountView[], context: Context): Promise<void> {
  const had = new Set(party.accounts.map(({ account }) => account))
  const given = accounts.filter(({ key }) => !had.has(key)).map(({ key }) => commands.assignAccount({ party: party.key, account: key }))
  if (given.length === 0) return
  for (const outcome of await ledger.submit(given, context)) accepted(outcome)
}

/**
 * What a posting says in words, sealed to the party of a customer. Words may tell of people, so they are taken in no other way. A
 * party stays registered for good: a retry is read as the first attempt was.
 */
export async function sealedWords(ledger: Thalium, fields: Fields, customer: string): Promise<{ description?: string; subject?: string }> {
  if (fields.description === undefined) return {}
  const description = textOf(fields, 'description')
  if (Buffer.byteLength(description) > WORDS_MAX) throw malformed(`description: give at most ${WORDS_MAX} bytes`, 'description')
  if (!(await hasKey(ledger))) throw malformed('description: the server has no key to seal it with; leave it out', 'description')
  if (!(await findParty(ledger, customer))) {
    throw malformed(`description: nobody is registered as ${customer} to whom it could be sealed; leave it out`, 'description')
  }
  return { description, subject: customer }
}
