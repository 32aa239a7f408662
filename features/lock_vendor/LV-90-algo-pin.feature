@LV-90
Feature: Computed PINs are described and open in their window only

  Scenario: The description
    Given the vendor declares computed PINs
    Then their input, rounding, longest validity, activation deadline and revocability are described

  Scenario: Two windows
    Given computed PINs can be asked for
    When computed PINs are asked for two separate windows
    Then the two PINs differ
    And each opens in its own window only
