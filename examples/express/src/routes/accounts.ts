// Customers' accounts: opening them, and what stands on them.
import type { Express } from 'express'
import type { Thalium } from 'thalium'
import { contextOf, mustSeeAccount, mustSeeCustomer } from '../auth.js'
import { type Offered, accountKey, accountOf, accountsOf } from '../books.js'
import { bucketsOf, customerIn, fieldsOf, pageOf, pathOf, queryOf, textOf } from '../input.js'
import { findParty, giveAccounts } from '../people.js'
import { Problem, malformed } from '../problems.js'

/** The most lines of a statement; a longer one is read page by page as a history. */
const LINES_MAX = 10_000

export function accounts(app: Express, ledger: Thalium, offered: readonly Offered[]): void {
  // No Idempotency-Key: a customer has one account in an asset, so the account's own key makes a retry harmless.
  app.post('/accounts', async (request, response) => {
    const fields = fieldsOf(request, ['customer', 'asset'])
    const customer = customerIn(fields, 'customer')
    const asset = textOf(fields, 'asset')
    mustSeeCustomer(response, customer)
    if (!offered.some(({ code }) => code === asset)) {
      throw malformed(`asset: is not offered; there are: ${offered.map(({ code }) => code).join(', ')}`, 'asset')
    }
    const key = accountKey(customer, asset)
    const opened = await ledger.accounts.create(
      { key, asset, kind: 'liability', parent: `customers:${asset}` },
      contextOf(response),
    )
    if (!opened.ok) throw new Problem('rejected', opened.reason ?? opened.status, { outcome: opened })
    const account = await accountOf(ledger, key)
    const party = await findParty(ledger, customer)
    if (party) await giveAccounts(ledger, party, [account], contextOf(response))
    response.status(opened.replayed ? 200 : 201).location(`/accounts/${key}`).json(account)
  })

  app.get('/accounts/:account', async (request, response) => {
    const account = pathOf(request, 'account')
    mustSeeAccount(response, account)
    response.json(await accountOf(ledger, account))
  })

  app.get('/customers/:customer/accounts', async (request, response) => {
    const customer = pathOf(request, 'customer')
    mustSeeCustomer(response, customer)
    response.json({ customer, accounts: await accountsOf(ledger, offered, customer) })
  })

  app.get('/accounts/:account/statement', async (request, response) => {
    const account = pathOf(request, 'account')
    mustSeeAccount(response, account)
    const span = queryOf(request, 'from', 'to')
    await accountOf(ledger, account)
    // A statement is made whole, in memory: whether it is within bounds is asked first.
    const { next } = await ledger.historyPage(account, { ...span, limit: LINES_MAX })
    if (next !== undefined) {
      throw new Problem('too-large', `more than ${LINES_MAX} lines: give a shorter span, or read /accounts/${account}/history`)
    }
    response.json(await ledger.statement(account, span))
  })

  app.get('/accounts/:account/history', async (request, response) => {
    const account = pathOf(request, 'account')
    mustSeeAccount(response, account)
    const page = pageOf(request)
    await accountOf(ledger, account)
    response.json(await ledger.historyPage(account, page))
  })

  app.get('/accounts/:account/balances', async (request, response) => {
    const account = pathOf(request, 'account')
    mustSeeAccount(response, account)
    const buckets = bucketsOf(request)
    await accountOf(ledger, account)
    response.json(await ledger.balanceHistory(account, buckets))
  })

  app.get('/accounts/:account/volumes', async (request, response) => {
    const account = pathOf(request, 'account')
    mustSeeAccount(response, account)
    const buckets = bucketsOf(request)
    await accountOf(ledger, account)
    response.json({ account, ...(await ledger.volumes({ account, ...buckets })) })
  })

  app.get('/accounts/:account/holds', async (request, response) => {
    const account = pathOf(request, 'account')
    mustSeeAccount(response, account)
    const page = pageOf(request)
    await accountOf(ledger, account)
    response.json(await ledger.holdsPage(account, page))
  })
}
