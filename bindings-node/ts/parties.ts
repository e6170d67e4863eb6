import {
  type AccessGrant, type Amendment, type Assignment, type IdentifierKind, type LegalHold, type Merger, type Name, type NewParty, type PersonalFields,
  type Relation, commands, nameText, plain,
} from './commands.js'
import type { Abortable, Context, PageQuery, Thalium } from './ledger.js'
import { json, read } from './read.js'
import { instantText } from './timestamp.js'
import type {
  AccessPage, ForgetScope, GrantView, HolderView, Outcome, PartyExport, PartyKind, PartyPage, PartyView, PersonalData,
} from './types.js'

const PAGE = 1_000

/** Which parties. All that is given must match. */
export interface PartyQuery {
  /** Clients of this broker. */
  broker?: Name
  /** Of this kind. */
  kind?: PartyKind
  /** With this flag. */
  flag?: string
  /** Behind the page before: its `next`. */
  after?: string
  /** At most so many; a page without it has 100. */
  limit?: number
}

/** Which personal data, and why. */
export interface Reading {
  /** The party. */
  party: Name
  /** The names of the fields; all, where none is named. */
  fields?: readonly string[]
  /** Why; in the clear. */
  why: string
}

/** Registers people and companies, seals what is known of them, and forgets them. */
export class Parties {
  readonly #of: Thalium

  /** @internal */
  constructor(of: Thalium) {
    this.#of = of
  }

  /** Registers a party. The key stands in the log in the clear: no personal data in it. */
  async register(party: NewParty, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.registerParty(party), context)
  }

  /** Changes what is known of a party: its levels, its flags, the end of the relationship. */
  async amend(amendment: Amendment, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.amendParty(amendment), context)
  }

  /** Says what one party is to another. To end a relation is to say it again with `until`. */
  async relate(relation: Relation, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.relateParties(relation), context)
  }

  /** Gives an account to a party. To take it away is to say it again with `until`. */
  async assign(assignment: Assignment, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.assignAccount(assignment), context)
  }

  /** Takes down personal data, sealed with the party's own keys before it is kept. */
  async seal(data: PersonalFields, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.sealData(data), context)
  }

  /** Makes two records of one party one. */
  async merge(merger: Merger, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.mergeParties(merger), context)
  }

  /** Undoes a merger. */
  async split(party: Name, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.splitParty({ party }), context)
  }

  /** Places a legal hold: nothing of the party is forgotten while it is in force. */
  async placeHold(hold: LegalHold, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.placeHold(hold), context)
  }

  /** Lifts a legal hold. */
  async liftHold(party: Name, name: string, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.liftHold({ party, name }), context)
  }

  /** Forgets a party: its keys are destroyed, and what was sealed with them is gone for ever. */
  async forget(party: Name, { scope, ...context }: { scope?: ForgetScope } & Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.forgetParty({ party, ...(scope === undefined ? {} : { scope }) }), context)
  }

  /** Lets someone read the access log until an instant: of a party, of a broker and its clients, or of all. */
  async grantAccess(grant: AccessGrant, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.grantAccess(grant), context)
  }

  /** Takes back all that someone was granted. */
  async revokeAccess(actor: string, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.revokeAccess({ actor }), context)
  }

  /** A party, with what is known of it but for personal data; nothing if there is none. */
  async get(name: Name, { signal }: Abortable = {}): Promise<PartyView | undefined> {
    const told = await this.#of.ask(json({ op: 'get_party', name: nameText(name, 'name') }), signal)
    return told === null ? undefined : read('PartyView', told)
  }

  /** A page of parties by their ids. */
  async page({ signal, ...page }: PartyQuery & Abortable = {}): Promise<PartyPage> {
    return read('PartyPage', await this.#of.ask(json({ op: 'list_parties', ...plain(page) }), signal))
  }

  /** Parties by their ids: all of them, the clients of a broker, those of a kind or with a flag. */
  async *list(page: Omit<PartyQuery, 'limit'> & Abortable = {}): AsyncGenerator<PartyView, void, undefined> {
    let after = page.after
    do {
      const told: PartyPage = await this.page({ ...page, ...(after === undefined ? {} : { after }), limit: PAGE })
      yield* told.parties
      after = told.next
    } while (after !== undefined)
  }

  /** The parties that have an account. */
  async holders(account: Name, { signal }: Abortable = {}): Promise<readonly HolderView[]> {
    const told = await this.#of.ask(json({ op: 'list_holders', account: nameText(account, 'account') }), signal)
    return Object.freeze((told as unknown[]).map((holder) => read<HolderView>('HolderView', holder)))
  }

  /** The parties that have an identifier, however it is written. */
  async find(identifier: IdentifierKind, value: string, { signal }: Abortable = {}): Promise<readonly PartyView[]> {
    const told = await this.#of.ask(json({ op: 'find_parties', identifier, value }), signal)
    return Object.freeze((told as unknown[]).map((party) => read<PartyView>('PartyView', party)))
  }

  /** Opens personal data for a reason, and records who read what, when and why. */
  async read(reading: Reading, context: Context & Abortable = {}): Promise<PersonalData> {
    return read('PersonalData', await this.#opened('read_data', reading, context))
  }

  /** All that is known of a party, as it is given to the person; recorded as a reading. */
  async export(reading: Omit<Reading, 'fields'>, context: Context & Abortable = {}): Promise<PartyExport> {
    return read('PartyExport', await this.#opened('export_party', reading, context))
  }

  /** The same as a page of HTML. */
  async exportPage(reading: Omit<Reading, 'fields'>, context: Context & Abortable = {}): Promise<string> {
    return (await this.#opened('party_page', reading, context)) as string
  }

  /** Who may read the access log. */
  async grants({ signal }: Abortable = {}): Promise<readonly GrantView[]> {
    const told = (await this.#of.ask('{"op":"list_grants"}', signal)) as unknown[]
    return Object.freeze(told.map((grant) => read<GrantView>('GrantView', grant)))
  }

  /** Who read personal data, what and why: of a party, or of all. Who asks must have been granted it. */
  async accessLog({ signal, ...query }: { party?: Name; actor?: string } & PageQuery & Abortable = {}): Promise<AccessPage> {
    return read('AccessPage', await this.#of.ask(json({ op: 'access_log', ...plain(query) }), signal))
  }

  async #opened(op: string, reading: object, { now, requestId, signal, ...who }: Context & Abortable): Promise<unknown> {
    const context = { now: instantText(now, 'now'), request_id: requestId, ...who }
    return this.#of.ask(json({ op, ...plain(reading), ...context }), signal)
  }
}
