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

  Scenario: A window of every kind
    Given computed PINs are asked for in several ways
    When a computed PIN is asked for with a window of every kind
    Then each opens at the start of its window

  Scenario: Two guests with the same window
    Given the vendor computes several PINs for one window
    When two computed PINs are asked for the same window
    Then the two PINs differ
    And both open in their window
