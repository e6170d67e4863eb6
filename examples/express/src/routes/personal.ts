// Personal data: taken down, opened for a reason, given to the person, and forgotten. The values are sealed in the ledger. They come
// in bodies and never in an address, which others write into their logs.
import type { Express, Response } from 'express'
import type { PersonalField, Thalium } from 'thalium'
import { answerPage, changed } from '../answers.js'
import { callerOf, contextOf, mustSeeCustomer, operatorsOnly } from '../auth.js'
import { type Fields, eachOf, fieldsOf, maybe, oneOf, pathOf, plainOf, queryOf, textOf, textsOf } from '../input.js'
import { partyOf, sealing, yearsOf } from '../people.js'
import { Problem, malformed } from '../problems.js'

/** What a field may say. */
const FIELD = ['value', 'purpose', 'basis', 'years', 'retention', 'identifier']

const basisOf = oneOf('consent', 'law')
const identifierOf = oneOf(
  'name', 'email', 'phone', 'iban', 'tax_number', 'passport', 'national_id', 'company_number', 'lei', 'wallet', 'other',
)
const scopeOf = oneOf('consent', 'all')

export function personal(app: Express, ledger: Thalium): void {
  const sealed = sealing(ledger)

  app.put('/parties/:customer/data', sealed, async (request, response) => {
    const customer = pathOf(request, 'customer')
    mustSeeCustomer(response, customer)
    const fields = eachOf(fieldsOf(request, ['fields']), 'fields', FIELD, fieldOf)
    if (!callerOf(response).operator && Object.values(fields).some(keptByLaw)) {
      throw new Problem('forbidden', 'what a law has kept is for operators to take down')
    }
    const { key: party } = await partyOf(ledger, customer)
    changed(response, await ledger.parties.seal({ party, fields }, contextOf(response)))
  })

  // Who read what and why stands in the log before the values are given.
  app.post('/parties/:customer/data/read', operatorsOnly, sealed, async (request, response) => {
    const fields = fieldsOf(request, ['why', 'fields'])
    const reading = { why: textOf(fields, 'why'), ...maybe(fields, 'fields', textsOf) }
    const { key: party } = await partyOf(ledger, pathOf(request, 'customer'))
    response.json(await ledger.parties.read({ party, ...reading }, contextOf(response)))
  })

  app.get('/parties/:customer/export', sealed, async (request, response) => {
    const customer = pathOf(request, 'customer')
    mustSeeCustomer(response, customer)
    const why = whyOf(response, queryOf(request, 'why'))
    const { key: party } = await partyOf(ledger, customer)
    response.vary('Accept')
    if (request.accepts(['json', 'html']) === 'html') {
      answerPage(response, await ledger.parties.exportPage({ party, why }, contextOf(response)))
    } else {
      response.json(await ledger.parties.export({ party, why }, contextOf(response)))
    }
  })

  app.post('/parties/find', operatorsOnly, sealed, async (request, response) => {
    const fields = fieldsOf(request, ['identifier', 'value'])
    response.json({ parties: await ledger.parties.find(identifierOf(fields, 'identifier'), textOf(fields, 'value')) })
  })

  // A customer may withdraw consent. What a law has kept is not the customer's to take away, and not the operators' before its time:
  // that the ledger sees to.
  app.delete('/parties/:customer/data', sealed, async (request, response) => {
    const customer = pathOf(request, 'customer')
    mustSeeCustomer(response, customer)
    const query = queryOf(request, 'scope')
    const { operator } = callerOf(response)
    // What is gone is gone: an operator says how much.
    const scope = operator || query.scope !== undefined ? scopeOf(query, 'scope') : 'consent'
    if (!operator && scope !== 'consent') throw new Problem('forbidden', 'this is for operators; you may withdraw consent')
    const { key: party } = await partyOf(ledger, customer)
    changed(response, await ledger.parties.forget(party, { scope, ...contextOf(response) }))
  })
}

function fieldOf(fields: Fields): PersonalField {
  return {
    value: textOf(fields, 'value'), purpose: plainOf(fields, 'purpose'), ...maybe(fields, 'basis', basisOf),
    ...maybe(fields, 'years', yearsOf), ...maybe(fields, 'retention', plainOf), ...maybe(fields, 'identifier', identifierOf),
  }
}

/** A retention class names a law's years, so it stands for the law. */
function keptByLaw({ basis, retention }: PersonalField): boolean {
  return basis === 'law' || retention !== undefined
}

/** Why an export is made, which the person reads in the next one. */
function whyOf(response: Response, query: { why?: string }): string {
  if (callerOf(response).operator) return textOf(query, 'why')
  if (query.why !== undefined) throw malformed('why: is for operators', 'why')
  return 'asked by the customer'
}
