# The ID of the service user, or its e-mail address if only one service user has it. The key is not imported.
terraform import digicert_service_user.example 110009
