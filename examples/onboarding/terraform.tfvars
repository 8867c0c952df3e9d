customers = {
  "Customer One" = {
    account_manager = "bo@example.com"
    first_name      = "Chris"
    last_name       = "One"
    email           = "pki@customer-one.example"
    address         = "1 Example Street"
    zip             = "00001"
    city            = "Exampleville"
    state           = "Minnesota"
    country         = "US"
  }
  "Customer Two" = {
    account_manager = "cy@example.com"
    first_name      = "Chris"
    last_name       = "Two"
    email           = "pki@customer-two.example"
    address         = "2 Example Street"
    zip             = "00002"
    city            = "Exampleville"
    state           = "Minnesota"
    country         = "US"
  }
  "Customer Three" = {
    account_manager = "dee@example.com"
    first_name      = "Chris"
    last_name       = "Three"
    email           = "pki@customer-three.example"
    address         = "3 Example Street"
    zip             = "00003"
    city            = "Exampleville"
    state           = "Minnesota"
    country         = "US"
  }
  "Customer Four" = {
    account_manager = "bo@example.com"
    first_name      = "Chris"
    last_name       = "Four"
    email           = "pki@customer-four.example"
    address         = "4 Example Street"
    zip             = "00004"
    city            = "Exampleville"
    state           = "Minnesota"
    country         = "US"
  }
  "Customer Five" = {
    account_manager = "cy@example.com"
    first_name      = "Chris"
    last_name       = "Five"
    email           = "pki@customer-five.example"
    address         = "5 Example Street"
    zip             = "00005"
    city            = "Exampleville"
    state           = "Minnesota"
    country         = "US"
  }
}

technical_contacts = {
  "Example Org LLC"    = "eli@example.com"
  "Example Second Org" = "fay@example.com"
  "Example Third Org"  = "gus@example.com"
}
