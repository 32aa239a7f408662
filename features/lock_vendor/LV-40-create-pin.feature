@LV-40
Feature: A PIN is created and confirmed

  Scenario: The vendor confirms it
    When a PIN is created for the next two hours
    Then the vendor confirms the PIN

  Scenario: The guest can be told what to type
    When a PIN is created for the next two hours
    Then the keys that the guest types are known

  Scenario: The validity is the one asked for
    When a PIN is created for the next two hours
    Then the validity that the vendor tells is the one asked for
