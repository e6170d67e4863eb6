// Who asks. Bearer tokens from a file or the environment: the simplest thing that is honest, and the one file to replace
// (see the README) when an identity provider issues tokens.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import { customerOf, isCustomer } from './books.js'
import { Problem } from './problems.js'

/** A customer, or a person or program of the exchange itself. */
export type Caller = { customer: string; operator?: never } | { operator: string; customer?: never }
/** Tokens with their callers. */
export type Tokens = Readonly<Record<string, Caller>>

interface Known {
  hash: Buffer
  caller: Caller
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Reads tokens from JSON text: `{"<token>":{"customer":"c42"},"<token>":{"operator":"desk"}}`. */
export function readTokens(text: string): Tokens {
  const tokens = JSON.parse(text) as Record<string, Partial<Record<string, unknown>>>
  for (const [token, caller] of Object.entries(tokens)) {
    const name = caller?.customer ?? caller?.operator
    const plain = typeof name === 'string' && isCustomer(name) && Object.keys(caller ?? {}).length === 1
    // The token is not quoted here: this message may go into a log.
    if (!plain) throw new Error('tokens: each stands for {"customer":"…"} or {"operator":"…"}, of a-z, 0-9 and -')
    if (token.length < 16) throw new Error('tokens: each has at least 16 characters')
  }
  return tokens as Tokens
}

/** Finds who asks by the bearer token, and puts it where `callerOf` looks. */
export function authenticate(tokens: Tokens): RequestHandler {
  const known: Known[] = Object.entries(tokens).map(([token, caller]) => ({ hash: hashOf(token), caller }))
  return (request, response, next) => {
    const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '') ?? []
    if (!token) throw new Problem('unauthenticated', 'send a header Authorization: Bearer <token>')
    const hash = hashOf(token)
    let found: Caller | undefined
    // Hashes have one length and all of them are compared, so the time tells neither a token nor which one was near.
    for (const one of known) if (timingSafeEqual(one.hash, hash)) found = one.caller
    if (!found) throw new Problem('unauthenticated', 'the token is not known')
    response.locals.caller = found
    next()
  }
}

export const callerOf = (response: Response): Caller => response.locals.caller as Caller

/** What the ledger writes into its log about the caller. Customers' numbers are no personal data; names would be. */
export function contextOf(response: Response): { actor: string; role: string; origin: string } {
  const { customer, operator } = callerOf(response)
  return { actor: customer ?? operator, role: customer ? 'customer' : 'operator', origin: 'http' }
}

/** Lets operators pass. */
export const operatorsOnly: RequestHandler = (_request, response, next) => {
  if (!callerOf(response).operator) throw new Problem('forbidden', 'this is for operators')
  next()
}

/** The customer who asks; operators do not act in the place of one. */
export function customerWhoAsks(response: Response): string {
  const { customer } = callerOf(response)
  if (!customer) throw new Problem('forbidden', 'this is for customers')
  return customer
}

/** Lets the customer pass, and operators. */
export function mustSeeCustomer(response: Response, customer: string): void {
  const caller = callerOf(response)
  if (!caller.operator && caller.customer !== customer) throw new Problem('forbidden', 'this is of another customer')
}

/**
 * Lets the owner of an account pass, and operators. It looks at the name alone, before the ledger is asked: others learn
 * nothing about which accounts there are.
 */
export function mustSeeAccount(response: Response, account: string): void {
  const caller = callerOf(response)
  if (!caller.operator && caller.customer !== customerOf(account)) {
    throw new Problem('forbidden', 'this account is not yours')
  }
}

/** Lets the owner of an account pass, and nobody else. */
export function mustOwn(response: Response, account: string): string {
  const customer = customerWhoAsks(response)
  mustSeeAccount(response, account)
  return customer
}
