# The numbers of the invites, joined by commas; all of one type and one note.
terraform import digicert_subaccount_invite.customers 41,42
