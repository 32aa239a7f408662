@LV-47
Feature: Names survive

  Scenario: Names in many scripts
    When a PIN is created under a name in many scripts
    Then the vendor keeps the name as it was

  Scenario: The longest documented name
    When a PIN is created under the longest documented name
    Then the vendor keeps the name as it was
