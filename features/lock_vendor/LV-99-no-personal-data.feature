@LV-99
Feature: No personal data is needed

  Scenario: An opaque reference is enough
    When a PIN is created with an opaque reference and nothing else
    Then the PIN is in force on its lock
