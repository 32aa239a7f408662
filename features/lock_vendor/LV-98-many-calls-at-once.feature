@LV-98
Feature: Many calls at once

  Scenario: Reading
    When locks and statuses are read one by one and then all at once
    Then the results are the same

  Scenario: Creating
    Given PINs can be created
    When five guests get their PINs at once
    Then each has a PIN of their own, as if created one by one
