@LV-51
Feature: Removing what is gone is harmless

  Scenario: Removing again
    Given the vendor can withdraw PINs
    And a guest with a PIN
    When the PIN is removed twice
    Then the second removal succeeds or says that it is not found

  Scenario: Removing what never was
    Given the vendor can withdraw PINs
    And a guest with a PIN
    When an access that does not exist is removed
    Then the removal succeeds or says that it is not found
    And the guest's PIN is still there
