import { type Abortable, type Asker } from './books.js'
import { type CivilDate, type IdentifierKind, type Name, nameText, plain } from './commands.js'
import type { Context } from './ledger.js'
import { json, read } from './read.js'
import { instantText } from './timestamp.js'
import type { HolderView, PartyExport, PartyKind, PartyPage, PartyView, PersonalData, RetentionView } from './types.js'

const PAGE = 1_000

/** Which parties. All that is given must match. */
export interface PartyQuery {
  /** Clients of this broker. */
  broker?: Name
  /** Of this kind. */
  kind?: PartyKind
  /** With this flag. */
  flag?: string
  /** Due to be forgotten on this date: the relationship ended before it, and no law and no legal hold keeps them any longer. */
  due?: CivilDate
  /** Behind the page before: its `next`. */
  after?: string
  /** At most so many; a page without it has 100. */
  limit?: number
}

/** Which personal data, and why. */
export interface Reading {
  /** The party. */
  party: Name
  /** The names of the fields; all, where nothing is named. */
  fields?: readonly string[]
  /** The transfers whose sealed descriptions and metadata are meant. */
  transfers?: readonly Name[]
  /** The accounts whose sealed names and metadata are meant. */
  accounts?: readonly Name[]
  /** Why; in the clear. */
  why: string
}

/** Finds parties, and opens what is sealed of them. */
export class SeenParties {
  readonly #of: Asker

  /** @internal */
  constructor(of: Asker) {
    this.#of = of
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

  /** The retention classes, by their names. */
  async retentions({ signal }: Abortable = {}): Promise<readonly RetentionView[]> {
    const told = (await this.#of.ask('{"op":"list_retentions"}', signal)) as unknown[]
    return Object.freeze(told.map((retention) => read<RetentionView>('RetentionView', retention)))
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
  async export(reading: Omit<Reading, 'fields' | 'transfers' | 'accounts'>, context: Context & Abortable = {}): Promise<PartyExport> {
    return read('PartyExport', await this.#opened('export_party', reading, context))
  }

  /** The same as a page of HTML. */
  async exportPage(reading: Omit<Reading, 'fields' | 'transfers' | 'accounts'>, context: Context & Abortable = {}): Promise<string> {
    return (await this.#opened('party_page', reading, context)) as string
  }

  async #opened(op: string, reading: Reading, { now, requestId, signal, ...who }: Context & Abortable): Promise<unknown> {
    const { transfers, accounts, ...rest } = reading
    const named = { transfers: transfers?.map((name) => nameText(name, 'transfers')), accounts: accounts?.map((name) => nameText(name, 'accounts')) }
    const context = { now: instantText(now, 'now'), request_id: requestId, ...who }
    return this.#of.ask(json({ op, ...plain(rest), ...named, ...context }), signal)
  }
}
