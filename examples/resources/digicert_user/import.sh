# By id.
terraform import digicert_user.example 200001

# By username or e-mail address, which must match exactly one user.
terraform import digicert_user.example ana@example.com
