@LV-96
Feature: Errors can be told apart

  Scenario: What Inlet can provoke
    When bad credentials, an unknown lock, wrong input, a PIN in use and an offline lock are tried
    Then each is answered with an error of its own kind

  Scenario: What the vendor documents
    Then every kind of error that applies is documented
    And no two documented errors of one call look the same
