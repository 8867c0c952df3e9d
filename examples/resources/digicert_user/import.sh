# By user ID.
terraform import digicert_user.example 110002

# By username or e-mail address, which must match exactly one user.
terraform import digicert_user.example ana@example.com
