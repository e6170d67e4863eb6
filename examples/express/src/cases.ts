// The cases of customers: what an identity provider says of them, and what two operators make of it where it has doubts.
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import type { Thalium } from 'thalium'
import type { CallbackKey, CallbackProvider } from 'thalium/kyc'
import type { Tokens } from './auth.js'

/** How each provider's callbacks are known: by the keys that they are signed with or, of Jumio, which signs nothing, by the addresses that they come from. */
export type Webhooks = Partial<Record<CallbackProvider, { keys: readonly CallbackKey[] } | { allowed: readonly string[] }>>

export const KIND = 'customer'
/** What a customer is told of where their case is. That somebody has doubts, or had them, is told to nobody (tipping off), nor by what is left out. */
export const STATES = ['waiting'] as const
/** Why a document is not good. Customers are told that of theirs. */
export const REASONS = ['illegible', 'expired', 'other_person'] as const
// Raise it when the kind or its chart is changed: cases that are there stay in the version that they were opened in.
const DESCRIPTION = 'What an identity provider says of a customer. Version 4.'

const kind = `
case: 1
id: ${KIND}
description: ${DESCRIPTION}
chart: ${KIND}
evidence: [outcome, reasons]
queues:
  - { id: review, states: [review], roles: [operator], within: P2D, escalate: overdue }
  - { id: overdue, when: false, roles: [operator] }
decisions:
  approve: { states: [review], roles: [operator], quorum: 2, reasons: [false_positive, risk_accepted], not_by: [overrider], event: case.approved }
  reject: { states: [review], roles: [operator], quorum: 2, reasons: [true_match, risk_not_accepted], not_by: [overrider], event: case.rejected }
documents:
  passport: { within: P30D, roles: [operator], reasons: [${REASONS.join(', ')}] }
  proof_of_address: { within: P30D, roles: [operator], reasons: [${REASONS.join(', ')}] }
overrides: { roles: [operator], most: P7D, event: case.allowed, expired: case.due }
reopening: { roles: [operator] }
`
const chart = `
chart: 1
id: ${KIND}
context: { outcome: none, reasons: [] }
states:
  waiting:
    description: The provider has not said anything yet.
    on:
      check.approved: approved
      check.review: &doubts
        target: review
        actions: [{ assign: { outcome: { expr: { var: event.data.outcome } }, reasons: { expr: { var: event.data.reasons } } } }]
      check.rejected: *doubts
  review:
    description: "It is for people now: a provider's approval that comes late, or again, decides nothing."
    on: { case.approved: approved, case.rejected: rejected, case.allowed: allowed, check.review: *doubts, check.rejected: *doubts }
  allowed:
    description: One operator has let the customer in for a time. Then it is for two again.
    on: { case.due: review, check.review: *doubts, check.rejected: *doubts }
  approved:
    description: Whoever is doubted later is looked at again.
    on: { check.review: *doubts, check.rejected: *doubts }
  rejected: { description: What two people decided stands. }
`

/** Defines the kind, and has the operators on the register of staff. A restart changes nothing. */
export async function openCases(ledger: Thalium, tokens: Tokens): Promise<void> {
  const defined = (await ledger.cases.kinds()).find((one) => one.kind === KIND)
  if (defined?.description !== DESCRIPTION) await ledger.cases.define(kind, [chart])
  const known = new Set((await ledger.cases.staff()).map(({ person }) => person))
  for (const { operator } of Object.values(tokens)) {
    if (operator !== undefined && !known.has(operator)) await ledger.cases.setStaff(operator, ['operator'])
  }
}

/**
 * Reads the keys of providers from a file or from JSON text, `{"onfido":[{"id":"2026","secret":"…"}]}`, and the addresses that Jumio sends from,
 * `192.0.2.7,2001:db8::7`.
 */
export function readWebhooks(file: string | undefined, text: string | undefined, addresses: string | undefined): Webhooks {
  const told: unknown = JSON.parse(file === undefined ? (text ?? '{}') : readFileSync(file, 'utf8'))
  const good = typeof told === 'object' && told !== null && Object.values(told).every((keys) => Array.isArray(keys) && keys.length > 0)
  // What was given is not quoted here: this message may go into a log.
  if (!good) throw new Error('webhooks: give {"onfido":[{"id":"…","secret":"…"}]}')
  const keys = told as Record<string, CallbackKey[]>
  if (keys.jumio) throw new Error('webhooks: jumio signs nothing: name the addresses that it sends from with --jumio-addresses or JUMIO_ADDRESSES')
  const signing = Object.entries(keys).map(([provider, of]) => [provider, { keys: of }])
  const allowed = addresses?.split(',').map((address) => address.trim())
  const wrong = allowed?.find((address) => isIP(address) === 0)
  if (wrong !== undefined) throw new Error(`jumio-addresses: ${JSON.stringify(wrong)} is none: write 192.0.2.7,2001:db8::7`)
  return { ...Object.fromEntries(signing), ...(allowed ? { jumio: { allowed } } : {}) }
}

/** Lets time pass for cases, at once and each minute until it is to end: what has waited too long goes on, and timers of charts are over. */
export function passTime(ledger: Thalium, ending: AbortSignal, turn = 60_000): void {
  const pass = async (): Promise<void> => {
    for (let more = true; more && !ending.aborted;) {
      const advanced = await ledger.cases.advanceAll({ actor: 'clock' })
      for (const { case: key, reason } of advanced.refused) console.error(`case ${key}: ${reason}`)
      // Those that refuse stay due.
      more = advanced.more && advanced.changed > 0
    }
  }
  // A ledger that has stopped is told of by the requests that need it.
  const passes = (): void => void pass().catch((error: unknown) => console.error(error))
  passes()
  const timer = setInterval(passes, turn).unref()
  ending.addEventListener('abort', () => clearInterval(timer), { once: true })
}
