// The people and companies behind customers' numbers: who they are to the exchange, legal holds, and for how long laws have data kept.
// Nothing personal.
import type { Express } from 'express'
import type { Thalium } from 'thalium'
import { accepted, answer, changed } from '../answers.js'
import { contextOf, mustSeeCustomer, operatorsOnly } from '../auth.js'
import { type Offered, accountsOf } from '../books.js'
import { countIn, customerIn, fieldsOf, maybe, oneOf, pathOf, plainOf, textOf } from '../input.js'
import { giveAccounts, partyOf, yearsOf } from '../people.js'
import { malformed, notFound } from '../problems.js'

/** The highest level of how far someone was identified. The scale is the exchange's own. */
const LEVEL_MAX = 255

const kindOf = oneOf('person', 'company')
const riskOf = oneOf('low', 'medium', 'high', 'prohibited')

export function parties(app: Express, ledger: Thalium, offered: readonly Offered[]): void {
  // No Idempotency-Key here either: the customer's number is the party's key, and what is said again changes nothing.
  app.post('/parties', operatorsOnly, async (request, response) => {
    const fields = fieldsOf(request, ['customer', 'kind'])
    const customer = customerIn(fields, 'customer')
    const kind = kindOf(fields, 'kind')
    // The ledger would take digits alone for the id of a party.
    if (/^[0-9]+$/.test(customer)) throw malformed('customer: digits alone cannot be registered; a letter is needed', 'customer')
    const registered = await ledger.parties.register({ key: customer, kind }, contextOf(response))
    accepted(registered)
    const accounts = await accountsOf(ledger, offered, customer)
    await giveAccounts(ledger, await partyOf(ledger, customer), accounts, contextOf(response))
    answer(response.location(`/parties/${customer}`), registered)
  })

  app.get('/parties/:customer', async (request, response) => {
    const customer = pathOf(request, 'customer')
    mustSeeCustomer(response, customer)
    response.json(await partyOf(ledger, customer))
  })

  app.patch('/parties/:customer', operatorsOnly, async (request, response) => {
    const fields = fieldsOf(request, ['kycLevel', 'risk', 'ended'])
    const changes = {
      ...maybe(fields, 'kycLevel', countIn(0, LEVEL_MAX)), ...maybe(fields, 'risk', riskOf), ...maybe(fields, 'ended', textOf),
    }
    if (Object.keys(changes).length === 0) throw malformed('nothing is to change: give kycLevel, risk or ended')
    const { key: party } = await partyOf(ledger, pathOf(request, 'customer'))
    changed(response, await ledger.parties.amend({ party, ...changes }, contextOf(response)))
  })

  // While a legal hold is in force nothing of the party is forgotten. Its name and reason are kept in the clear.
  app.post('/parties/:customer/holds', operatorsOnly, async (request, response) => {
    const fields = fieldsOf(request, ['name', 'until', 'reason'])
    const hold = { name: plainOf(fields, 'name'), ...maybe(fields, 'until', textOf), ...maybe(fields, 'reason', textOf) }
    const { key: party } = await partyOf(ledger, pathOf(request, 'customer'))
    answer(response, await ledger.parties.placeHold({ party, ...hold }, contextOf(response)))
  })

  app.delete('/parties/:customer/holds/:name', operatorsOnly, async (request, response) => {
    const name = pathOf(request, 'name')
    const party = await partyOf(ledger, pathOf(request, 'customer'))
    if (!party.holds.some((hold) => hold.name === name)) throw notFound(`there is no legal hold ${JSON.stringify(name)}`)
    changed(response, await ledger.parties.liftHold(party.key, name, contextOf(response)))
  })

  app.get('/retentions', operatorsOnly, async (_request, response) => {
    response.json({ retentions: await ledger.parties.retentions() })
  })

  // Defined again a class is changed, and with it how long all is kept that was sealed under it. Its name and law are kept in the clear.
  app.put('/retentions/:name', operatorsOnly, async (request, response) => {
    const fields = fieldsOf(request, ['years', 'law'])
    const retention = { name: plainOf(request.params, 'name'), years: yearsOf(fields, 'years'), ...maybe(fields, 'law', textOf) }
    changed(response, await ledger.parties.defineRetention(retention, contextOf(response)))
  })
}
