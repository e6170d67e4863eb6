"""Statuses: what became of a command. A status is its number and its name; numbers ascend with precedence."""

from typing import NamedTuple


class Status(NamedTuple):
    number: int
    name: str


def _family(text):
    found = {}
    for line in text.split("\n"):
        if line.strip():
            number, name = line.split()
            found[name] = Status(int(number), name)
    return found


ASSET = _family("""
0 created
10 linked_event_failed
30 ledger_must_not_be_zero
40 exists_with_different_scale
50 exists_with_different_kind
60 exists_with_different_ledger
70 ledger_already_taken
80 exists
""")

ACCOUNT = _family("""
0 created
10 linked_event_failed
20 linked_event_chain_open
30 imported_event_expected
40 imported_event_not_expected
50 timestamp_must_be_zero
60 imported_event_timestamp_out_of_range
70 imported_event_timestamp_must_not_advance
80 reserved_field
90 reserved_flag
100 id_must_not_be_zero
110 id_must_not_be_int_max
120 exists_with_different_flags
130 exists_with_different_user_data_128
140 exists_with_different_user_data_64
150 exists_with_different_user_data_32
160 exists_with_different_ledger
170 exists_with_different_code
180 exists_with_different_kind
190 exists_with_different_parent
200 exists_with_different_detail
210 exists
220 flags_are_mutually_exclusive
230 debits_pending_must_be_zero
240 debits_posted_must_be_zero
250 credits_pending_must_be_zero
260 credits_posted_must_be_zero
270 ledger_must_not_be_zero
280 code_must_not_be_zero
290 asset_not_found
300 parent_not_found
310 imported_event_timestamp_must_not_regress
320 subject_not_found
322 retention_not_found
325 subject_was_merged
330 subject_was_forgotten
340 subject_key_not_available
""")

TRANSFER = _family("""
0 created
10 linked_event_failed
20 linked_event_chain_open
30 imported_event_expected
40 imported_event_not_expected
50 timestamp_must_be_zero
60 imported_event_timestamp_out_of_range
70 imported_event_timestamp_must_not_advance
80 reserved_flag
90 id_must_not_be_zero
100 id_must_not_be_int_max
110 exists_with_different_flags
120 exists_with_different_pending_id
130 exists_with_different_timeout
140 exists_with_different_debit_account_id
150 exists_with_different_credit_account_id
160 exists_with_different_amount
170 exists_with_different_user_data_128
180 exists_with_different_user_data_64
190 exists_with_different_user_data_32
200 exists_with_different_ledger
210 exists_with_different_code
220 exists_with_different_effective_date
230 exists_with_different_detail
240 exists_with_different_legs
250 exists
260 id_already_failed
270 flags_are_mutually_exclusive
280 debit_account_id_must_not_be_zero
290 debit_account_id_must_not_be_int_max
300 credit_account_id_must_not_be_zero
310 credit_account_id_must_not_be_int_max
320 accounts_must_be_different
330 pending_id_must_be_zero
340 pending_id_must_not_be_zero
350 pending_id_must_not_be_int_max
360 pending_id_must_be_different
370 timeout_reserved_for_pending_transfer
380 closing_transfer_must_be_pending
390 ledger_must_not_be_zero
400 code_must_not_be_zero
402 legs_must_not_be_empty
404 legs_must_balance
410 debit_account_not_found
420 credit_account_not_found
430 accounts_must_have_the_same_ledger
440 transfer_must_have_the_same_ledger_as_accounts
450 pending_transfer_not_found
460 pending_transfer_not_pending
470 pending_transfer_has_different_debit_account_id
480 pending_transfer_has_different_credit_account_id
490 pending_transfer_has_different_ledger
500 pending_transfer_has_different_code
510 exceeds_pending_transfer_amount
520 pending_transfer_has_different_amount
530 pending_transfer_already_posted
540 pending_transfer_already_voided
550 pending_transfer_expired
560 imported_event_timestamp_must_not_regress
570 imported_event_timestamp_must_postdate_debit_account
580 imported_event_timestamp_must_postdate_credit_account
590 imported_event_timeout_must_be_zero
600 debit_account_already_closed
610 credit_account_already_closed
620 overflows_debits_pending
630 overflows_credits_pending
640 overflows_debits_posted
650 overflows_credits_posted
660 overflows_debits
670 overflows_credits
680 overflows_timeout
690 exceeds_credits
700 exceeds_debits
710 subject_not_found
712 retention_not_found
715 subject_was_merged
720 subject_was_forgotten
730 subject_key_not_available
""")

PARTY = _family("""
0 created
10 linked_event_failed
20 id_must_not_be_zero
30 id_must_not_be_int_max
40 exists_with_different_kind
50 exists_with_different_broker
60 exists_with_different_key
70 parties_must_be_different
80 flags_are_mutually_exclusive
90 until_must_not_precede_since
100 until_must_not_be_past
110 party_not_found
120 other_party_not_found
130 broker_not_found
140 account_not_found
150 hold_not_found
160 field_not_found
165 retention_not_found
170 party_was_merged
180 party_was_not_merged
190 parties_must_be_alike
200 party_was_forgotten
203 field_is_kept_by_law
205 key_not_available
210 exists
220 too_many
230 legal_hold_in_force
240 relationship_has_not_ended
250 retention_has_not_passed
""")

# Failures that may pass by themselves: the id is spent, so that a retry cannot succeed where its caller saw a failure.
TRANSIENT = {
    "debit_account_not_found", "credit_account_not_found", "pending_transfer_not_found", "exceeds_credits",
    "exceeds_debits", "debit_account_already_closed", "credit_account_already_closed",
}
