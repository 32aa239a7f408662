@LV-41
Feature: PINs belong to users, or are set directly on a lock

  Scenario: The declared model works
    Given the vendor declares how PINs are given
    When a PIN is created for the next two hours
    Then the PIN is in force on its lock

  Scenario: A returning guest
    Given the vendor declares how PINs are given
    When the same guest gets a second PIN
    Then both PINs are in force
