import {
  type AccessGrant, type Amendment, type Assignment, type IdentifierKind, type LegalHold, type Merger, type Name, type NewParty, type PersonalFields,
  type Relation, type RetentionClass, commands, plain,
} from './commands.js'
import type { Abortable, PageQuery } from './books.js'
import type { Context, Thalium } from './ledger.js'
import { SeenParties } from './people.js'
import { json, read } from './read.js'
import type { AccessPage, ForgetScope, GrantView, Outcome } from './types.js'

/** Identifiers whose tokens are asked for. */
export interface TokenRequest {
  /** What they are for: tokens of one purpose tell nothing of those of another. */
  purpose: string
  /** What kind of identifiers they are. */
  identifier: IdentifierKind
  /** The identifiers, however they are written. */
  values: readonly string[]
}

function eachOf(told: unknown): readonly (string | undefined)[] {
  return Object.freeze((told as (string | null)[]).map((one) => one ?? undefined))
}

/** Registers people and companies, seals what is known of them, and forgets them. */
export class Parties extends SeenParties {
  readonly #of: Thalium

  /** @internal */
  constructor(of: Thalium) {
    super(of)
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

  /** Says how long a law has data of a retention class kept. Said again it is changed, and what was sealed under it follows. */
  async defineRetention(retention: RetentionClass, context: Context & Abortable = {}): Promise<Outcome> {
    return this.#of.doOne(commands.defineRetention(retention), context)
  }

  /**
   * The token of each identifier for a purpose: the same for the same, to join tables by; nothing where a value is none of its kind.
   * At most 10,000 at a time.
   */
  async tokens({ purpose, identifier, values }: TokenRequest, { signal }: Abortable = {}): Promise<readonly (string | undefined)[]> {
    return eachOf(await this.#of.ask(json({ op: 'make_tokens', purpose, identifier, values }), signal))
  }

  /**
   * Each text with other digits in the place of its own, always the same ones: a card or a phone number that still looks like one;
   * nothing where there are fewer than 6 digits or more than 64. At most 10,000 at a time.
   */
  async mask({ purpose, values }: Omit<TokenRequest, 'identifier'>, { signal }: Abortable = {}): Promise<readonly (string | undefined)[]> {
    return eachOf(await this.#of.ask(json({ op: 'mask_digits', purpose, values }), signal))
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
}
