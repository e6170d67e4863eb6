// Devices that were offline bring what they did and fetch what happened since.
import express, { type Express } from 'express'
import type { Thalium } from 'thalium'
import { customerWhoAsks } from '../auth.js'
import { type Offered, accountsOf } from '../books.js'
import { REASONS, STATES } from '../cases.js'
import { malformed } from '../problems.js'

/** What a device sends at most: 64 KiB of text, however it is escaped. */
const BODY_MAX = '512kb'

export function sync(app: Express, ledger: Thalium, offered: readonly Offered[]): void {
  // The body stays text: the ledger reads it itself, digit by digit, and its answer is text that is sent as it is.
  app.post('/sync', express.text({ type: 'application/json', limit: BODY_MAX }), async (request, response) => {
    // Who the customer is and what he owns is never taken from the device.
    const customer = customerWhoAsks(response)
    if (typeof request.body !== 'string') throw malformed('send JSON, with the header Content-Type: application/json')
    const accounts = (await accountsOf(ledger, offered, customer)).map(({ key }) => key)
    // Customers may pay one another; what leaves the exchange goes through /withdrawals.
    const payees = offered.map(({ code }) => `customers:${code}`)
    // Of a case customers are told where it stands, and what of their documents is not good; and not what the provider said.
    const cases = { parties: [customer], states: STATES, reasons: REASONS }
    response.type('json').send(await ledger.sync({ customer, accounts, payees, cases, request: request.body }))
  })
}
